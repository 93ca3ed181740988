package dev.tandem.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses model = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tandem.model");

    @Test
    void model_always_knowsNoActorsStreamsOrKafka() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.pekko..",
                        "org.apache.kafka..",
                        "dev.tandem.actors..",
                        "dev.tandem.pipeline..",
                        "dev.tandem.app..")
                .check(model);
    }

    @Test
    void nd4j_always_staysInItsEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tandem.model.engine.nd4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
                .check(model);
    }

    @Test
    void networksAndLosses_always_knowTheVocabularyAndNoEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tandem.model.network..", "dev.tandem.model.loss..", "dev.tandem.model.train..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tandem.model.engine.nd4j..")
                .check(model);
    }
}
