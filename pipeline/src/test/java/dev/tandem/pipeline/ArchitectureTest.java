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
    void pipeline_always_knowsNoEngineAndNoApp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "dev.tandem.model.engine..", "dev.tandem.app..")
                .check(pipeline);
    }

    @Test
    void decodingAugmentingEncoding_always_knowNoKafkaAndNoStreams() {
        noClasses()
                .that()
                .resideInAnyPackage("..pipeline.decode..", "..pipeline.augment..", "..pipeline.encode..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.pekko..")
                .check(pipeline);
    }

    @Test
    void stages_always_areFreeOfCycles() {
        slices().matching("dev.tandem.pipeline.(*)..").should().beFreeOfCycles().check(pipeline);
    }
}
