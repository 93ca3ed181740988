package dev.tandem.model.conformance;

import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.platform.commons.support.ReflectionSupport;

/** Finds the classes of the conformance kit, and those that an engine does not extend. */
public final class ConformanceKit {
    private ConformanceKit() {}

    /**
     * Fails if an engine does not extend every class of the kit.
     *
     * @param enginePackage the package of the engine's tests
     */
    public static void requireComplete(String enginePackage) {
        requireComplete(enginePackage, EngineConformance.class);
    }

    /** Fails if an inference engine does not extend every class of the kit for inference. */
    public static void requireCompleteForInference(String enginePackage) {
        requireComplete(enginePackage, InferenceConformance.class);
    }

    private static void requireComplete(String enginePackage, Class<?> kit) {
        List<String> missing = missingIn(enginePackage, kit);
        if (!missing.isEmpty()) {
            throw new AssertionError(
                    "no test class in " + enginePackage + " extends these classes of the conformance kit: " + missing);
        }
    }

    /** Simple names of the classes of the kit that no concrete class in a package or below it extends, sorted. */
    static List<String> missingIn(String enginePackage, Class<?> kit) {
        List<Class<?>> engineTests = conformanceClasses(enginePackage, kit, false);
        return conformanceClasses(ConformanceKit.class.getPackageName(), kit, true).stream()
                .filter(kitClass -> engineTests.stream().noneMatch(kitClass::isAssignableFrom))
                .map(Class::getSimpleName)
                .sorted()
                .toList();
    }

    /** The subclasses of a kit's base in a package or below it, either the abstract or the concrete ones. */
    private static List<Class<?>> conformanceClasses(String packageName, Class<?> kit, boolean isAbstract) {
        return ReflectionSupport.findAllClassesInPackage(
                packageName,
                candidate -> kit.isAssignableFrom(candidate)
                        && candidate != kit
                        && Modifier.isAbstract(candidate.getModifiers()) == isAbstract,
                name -> true);
    }
}
