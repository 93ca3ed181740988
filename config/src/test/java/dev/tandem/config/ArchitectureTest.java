package dev.tandem.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void config_always_knowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("dev.tandem.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.tandem.model..", "dev.tandem.actors..", "dev.tandem.pipeline..", "dev.tandem.app..")
                .check(new ClassFileImporter().importPackages("dev.tandem.config"));
    }
}
