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
        List<String> missing = missingIn(enginePackage);
        if (!missing.isEmpty()) {
            throw new AssertionError(
                    "no test class in " + enginePackage + " extends these classes of the conformance kit: " + missing);
        }
    }

    /** Simple names of the classes of the kit that no concrete class in a package or below it extends, sorted. */
    static List<String> missingIn(String enginePackage) {
        List<Class<?>> engineTests = conformanceClasses(enginePackage, false);
        return conformanceClasses(ConformanceKit.class.getPackageName(), true).stream()
                .filter(kitClass -> engineTests.stream().noneMatch(kitClass::isAssignableFrom))
                .map(Class::getSimpleName)
                .sorted()
                .toList();
    }

    /** The subclasses of {@link EngineConformance} in a package or below it, either the abstract or the concrete ones. */
    private static List<Class<?>> conformanceClasses(String packageName, boolean isAbstract) {
        return ReflectionSupport.findAllClassesInPackage(
                packageName,
                candidate -> EngineConformance.class.isAssignableFrom(candidate)
                        && candidate != EngineConformance.class
                        && Modifier.isAbstract(candidate.getModifiers()) == isAbstract,
                name -> true);
    }
}
