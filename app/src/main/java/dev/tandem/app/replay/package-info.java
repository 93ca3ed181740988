/** Dead letters that are put back to where they came from. */
package dev.tandem.app.replay;
