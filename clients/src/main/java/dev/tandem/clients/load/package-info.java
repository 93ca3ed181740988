/** Load tests of the HTTP API. */
package dev.tandem.clients.load;
