package dev.tandem.engine.nd4j;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Hides ND4J's CUDA backend from the service look-up by which ND4J finds its backends. Left to itself ND4J would try CUDA
 * first: without a driver it prints a stack trace, and on a GPU without matching machine code it fails late. Its
 * priorities can be set by environment variables only, which is too early for us.
 */
final class CpuOnlyClassLoader extends ClassLoader {
    private static final String BACKENDS = "META-INF/services/org.nd4j.linalg.factory.Engines";
    private static final String CUDA = "nd4j-cuda";

    CpuOnlyClassLoader(ClassLoader parent) {
        super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = Collections.list(super.getResources(name));
        if (name.equals(BACKENDS)) {
            found.removeIf(url -> url.toString().contains(CUDA));
        }
        return Collections.enumeration(found);
    }
}
