package dev.tandem.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    /** Networks and losses depend on the operations only, never on the engine that runs them. */
    @Test
    void networksAndLosses_always_dependOnOperationsAndTensorsOnly() {
        classes()
                .that()
                .resideInAnyPackage("dev.tandem.model.network..", "dev.tandem.model.loss..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.tandem.config..",
                        "dev.tandem.model.network..",
                        "dev.tandem.model.loss..",
                        "dev.tandem.model.engine..",
                        "dev.tandem.model.tensor..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.tandem.model"));
    }
}
