/**
 * The engine conformance kit: abstract test classes that every engine must pass. It is part of the test-jar of {@code model}.
 *
 * <p>An engine module uses it in three steps:
 *
 * <ol>
 *   <li>Add to its {@code pom.xml}, with scope {@code test}: the test-jar of {@code tandem-model}, and {@code onnxruntime},
 *       which the ONNX tests compare with.
 *   <li>Implement {@link dev.tandem.model.conformance.EngineUnderTest} once.
 *   <li>Add one subclass for each class of the kit, with a constructor that passes the implementation:
 *       {@code class FooAdamTest extends AdamConformance { FooAdamTest() { super(new FooUnderTest()); } }}. Add one test
 *       that calls {@link dev.tandem.model.conformance.ConformanceKit#requireComplete}. It fails if a subclass is missing.
 * </ol>
 *
 * <p>All classes of the kit extend {@link dev.tandem.model.conformance.EngineConformance}. Tolerances, seeds and cases belong
 * to the kit: an engine must not change them. {@code -Dtest=FooAdamTest} runs one class.
 */
package dev.tandem.model.conformance;
