/** Image files on disk, plain Kafka clients, and progress for people. */
package dev.tandem.app.io;
