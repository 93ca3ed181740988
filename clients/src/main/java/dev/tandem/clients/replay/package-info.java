/** Replays dead letters into their topics of origin. */
package dev.tandem.clients.replay;
