/** Weights of other programs in, and networks out in forms that others run. */
package dev.tandem.model.interop;
