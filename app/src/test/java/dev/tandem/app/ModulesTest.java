package dev.tandem.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks which module may use which module and which library. docs/architecture.md draws both. */
class ModulesTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.tandem");

    /** By module: the modules that it may use. */
    private static final Map<String, List<String>> ALLOWED = new TreeMap<>(Map.of(
            "config", List.of(),
            "model", List.of("config"),
            "engine", List.of("config", "model"),
            "images", List.of("config", "model"),
            "datasets", List.of("config", "model", "images"),
            "evaluation", List.of("config", "model", "images", "datasets"),
            "actors", List.of("config", "model"),
            "pipeline", List.of("config", "model", "images", "actors"),
            "serving", List.of("config", "model", "images", "actors", "pipeline"),
            "clients", List.of("config", "model", "images", "datasets", "actors", "pipeline")));

    @Test
    void modules_dependencies_areAllowed() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String module : ALLOWED.keySet()) {
            layers = layers.layer(module).definedBy("dev.tandem." + module + "..");
        }
        layers = layers.layer("app").definedBy("dev.tandem.app..");
        for (Map.Entry<String, List<String>> module : ALLOWED.entrySet()) {
            layers = module.getValue().isEmpty()
                    ? layers.whereLayer(module.getKey()).mayNotAccessAnyLayer()
                    : layers.whereLayer(module.getKey())
                            .mayOnlyAccessLayers(module.getValue().toArray(String[]::new));
        }
        layers.check(ALL);
    }

    /** The engine is found at run time, so that it can be replaced. */
    @Test
    void engines_use_isThroughInterfaces() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tandem.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tandem.engine..")
                .check(ALL);
    }

    @ParameterizedTest(name = "{0} is used only in {1}")
    @CsvSource({
        "org.nd4j.., engine",
        "org.bytedeco.., engine",
        "picocli.., app",
        "org.apache.pekko.http.., serving",
        "io.micrometer.., serving",
        "com.google.common.flogger.., serving",
        "ai.onnxruntime.., engine evaluation",
        "org.apache.pekko.kafka.., pipeline",
        "org.apache.kafka.., pipeline serving clients app",
        "org.apache.pekko.., actors pipeline serving clients app",
        "com.github.weisj.., datasets",
        "ij.., datasets"
    })
    void library_use_isInItsModules(String library, String modules) {
        String[] owners = Arrays.stream(modules.split(" "))
                .map(module -> "dev.tandem." + module + "..")
                .toArray(String[]::new);
        noClasses()
                .that(resideInAnyPackage("dev.tandem..")
                        .and(resideInAnyPackage(testkitAnd(owners)).negate()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(ALL);
    }

    /** These packages are the broker itself, and no public API of Kafka. */
    @Test
    void kafkaServer_use_isInEmbeddedBrokerOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("EmbeddedBroker")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka.server..", "kafka.tools..")
                .check(ALL);
    }

    /** The test kit may use every library. */
    private static String[] testkitAnd(String... owners) {
        return Stream.concat(Stream.of("dev.tandem.testkit.."), Arrays.stream(owners))
                .toArray(String[]::new);
    }
}
