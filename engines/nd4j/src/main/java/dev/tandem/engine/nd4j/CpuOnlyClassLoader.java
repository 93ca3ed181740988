package dev.tandem.engine.nd4j;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Hides ND4J's CUDA backend from the service lookup by which ND4J finds its backends.
 *
 * <p>By default ND4J tries CUDA first. Without a driver it then prints a stack trace, and on a GPU without matching machine
 * code it fails late. ND4J reads the priorities of its backends from environment variables, which a running process cannot
 * set.
 */
final class CpuOnlyClassLoader extends ClassLoader {
    private static final String BACKENDS = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";
    private static final String CUDA = "nd4j-cuda";

    CpuOnlyClassLoader(ClassLoader parent) {
        super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> resources = Collections.list(super.getResources(name));
        if (name.equals(BACKENDS)) {
            resources.removeIf(url -> url.toString().contains(CUDA));
        }
        return Collections.enumeration(resources);
    }
}
