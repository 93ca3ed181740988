/** Exchange of networks with other programs: imports weights from PyTorch programs. */
package dev.tandem.model.interop;
