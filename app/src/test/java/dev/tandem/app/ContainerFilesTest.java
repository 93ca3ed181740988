package dev.tandem.app;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Properties of the container files that need no container engine. {@code ComposeIT} runs them where there is one. */
class ContainerFilesTest {
    private static final Path ROOT = Path.of("..");

    private Map<String, Map<String, Object>> services;

    @BeforeEach
    void readComposeFile() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose =
                new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
        services = compose.get("services");
    }

    @Test
    void compose_eachImageOfTandem_isBuiltByOneService() {
        Map<Object, List<Boolean>> builds = services.values().stream()
                .filter(service -> image(service).startsWith("tandem:"))
                .collect(groupingBy(
                        ContainerFilesTest::image, mapping(service -> service.containsKey("build"), toList())));

        assertThat(builds).containsOnlyKeys("tandem:local", "tandem:local-gpu");
        assertThat(builds.values()).allSatisfy(ofImage -> assertThat(ofImage).containsOnlyOnce(true));
    }

    @Test
    void compose_healthCheckOfKafka_startsNoJvm() {
        assertThat(services.get("kafka"))
                .extractingByKey("healthcheck")
                .extracting("test")
                .isEqualTo(List.of("CMD", "bash", "-c", "exec 3<>/dev/tcp/localhost/9092"));
    }

    @Test
    void compose_demoProducer_restartsAfterAFailureAndEndsAtSigterm() {
        assertThat(services.get("demo-producer"))
                .containsEntry("restart", "on-failure")
                .containsEntry("init", true);
    }

    @Test
    void compose_containersOfTandem_canWriteOnlyToVolumesAndALimitedTmp() {
        assertThat(services.values())
                .filteredOn(service -> image(service).startsWith("tandem:"))
                .hasSize(4)
                .allSatisfy(service -> assertThat(service)
                        .containsEntry("read_only", true)
                        .containsEntry("tmpfs", List.of("/tmp:exec,mode=1777,size=512m")));
    }

    @Test
    void compose_gpuService_hasTheCudaThatLibtorchWasBuiltWith() throws IOException {
        String version = Files.readString(ROOT.resolve("pom.xml"))
                .replaceFirst("(?s).*<libtorch.cuda.version>(\\d+\\.\\d+)-.*", "$1");

        assertThat(services.get("tandem-gpu"))
                .extractingByKey("build")
                .extracting("args")
                .satisfies(arguments -> assertThat(arguments.toString())
                        .contains(
                                "MAVEN_OPTIONS=-Pgpu",
                                "nvidia/cuda:" + version + ".",
                                "-cudnn-runtime-",
                                "PACKAGES=cuda-cupti-" + version.replace('.', '-')));
    }

    @Test
    void dockerfile_user_isANumber() throws IOException {
        assertThat(dockerfile()).contains("USER 10001:10001");
    }

    @Test
    void dockerfile_version_isTheOneOfTheProject() throws IOException {
        String version =
                Files.readString(ROOT.resolve("pom.xml")).replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");

        assertThat(dockerfile()).contains("ARG VERSION=" + version);
    }

    @Test
    void dockerignore_everything_isIgnoredUnlessListed() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve(".dockerignore")))
                .filteredOn(line -> !line.startsWith("#"))
                .first()
                .isEqualTo("*");
    }

    private static String image(Map<String, Object> service) {
        return service.get("image").toString();
    }

    private static List<String> dockerfile() throws IOException {
        return Files.readAllLines(ROOT.resolve("Dockerfile"));
    }
}
