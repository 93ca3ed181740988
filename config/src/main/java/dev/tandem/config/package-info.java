/** Typed settings: records that validate at construction, read from {@code reference.conf} and what overrides it. */
package dev.tandem.config;
