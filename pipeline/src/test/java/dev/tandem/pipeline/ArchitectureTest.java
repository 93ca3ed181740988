package dev.tandem.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses pipeline = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tandem.pipeline");

    @Test
    void packages_always_haveNoCycles() {
        slices().matching("dev.tandem.pipeline.(*)..").should().beFreeOfCycles().check(pipeline);
    }

    @Test
    void augment_always_dependsOnNeitherKafkaNorStreams() {
        noClasses()
                .that()
                .resideInAPackage("dev.tandem.pipeline.augment..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.pekko..")
                .check(pipeline);
    }

    /** The streams reach the engine through the actors only. */
    @Test
    void pipeline_always_dependsOnNoEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tandem.model.engine..")
                .check(pipeline);
    }
}
