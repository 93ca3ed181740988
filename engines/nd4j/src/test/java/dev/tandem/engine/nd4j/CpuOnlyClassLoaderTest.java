package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4jBackend;

class CpuOnlyClassLoaderTest {
    private static final String BACKENDS = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    @TempDir
    private Path folder;

    @Test
    void getResources_twoBackends_hidesCuda() throws IOException {
        URL[] jars = {jar("nd4j-cuda-11.6"), jar("nd4j-native")};
        try (URLClassLoader allBackends = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            CpuOnlyClassLoader cpuOnly = new CpuOnlyClassLoader(allBackends);

            assertThat(Collections.list(allBackends.getResources(BACKENDS))).hasSize(2);
            assertThat(Collections.list(cpuOnly.getResources(BACKENDS)))
                    .singleElement()
                    .asString()
                    .contains("nd4j-native");
        }
    }

    /** Otherwise the class loader would filter a file that ND4J does not read. */
    @Test
    void getResources_nd4jOnTheClassPath_findsItsCpuBackendOnly() throws IOException {
        ClassLoader cpuOnly = new CpuOnlyClassLoader(Nd4jProvider.class.getClassLoader());

        assertThat(BACKENDS).isEqualTo("META-INF/services/" + Nd4jBackend.class.getName());
        assertThat(Collections.list(cpuOnly.getResources(BACKENDS)))
                .anySatisfy(url -> assertThat(url.toString()).contains("nd4j-native"))
                .noneSatisfy(url -> assertThat(url.toString()).contains("nd4j-cuda"));
    }

    private URL jar(String name) throws IOException {
        Path services = folder.resolve(name).resolve(BACKENDS);
        Files.createDirectories(services.getParent());
        Files.writeString(services, "org.example.Backend");
        return folder.resolve(name).toUri().toURL();
    }
}
