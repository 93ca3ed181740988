/** Administration of broker and topics: availability, identity, offsets and consumer lag. */
package dev.tandem.pipeline.broker;
