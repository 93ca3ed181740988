/** The BicycleGAN model with its public operations: train, translate, encode, save and restore. */
package dev.tandem.model;
