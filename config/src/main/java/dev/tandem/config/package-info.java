/**
 * Typed settings: records that validate their values at construction. Their defaults are in {@code reference.conf};
 * presets, a settings file and {@code --set} override them.
 */
package dev.tandem.config;
