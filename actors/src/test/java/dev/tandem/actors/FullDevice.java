package dev.tandem.actors;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;

/** The engine of a test, whose device has no memory left for a step or a translation when the test says so. */
final class FullDevice {
    static final String PROBLEM = "the model needs more memory than the GPU has (512 MiB of 80 GiB are free)";

    private volatile boolean full;
    private volatile boolean closed;

    void fill() {
        full = true;
    }

    boolean isClosed() {
        return closed;
    }

    Engine engine(Engine delegate) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    try {
                        closed |= method.getName().equals("close");
                        return method.getName().equals("compile")
                                ? new FullProgram(delegate.compile((Phase) arguments[0]))
                                : method.invoke(delegate, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void require() {
        if (full) {
            throw new DeviceMemoryException(PROBLEM, "end other processes that use the GPU");
        }
    }

    private final class FullProgram implements Program {
        private final Program delegate;

        FullProgram(Program delegate) {
            this.delegate = delegate;
        }

        @Override
        public Map<String, Shape> inputs() {
            return delegate.inputs();
        }

        @Override
        public Results run(Map<String, ? extends Input> inputs) {
            require();
            return delegate.run(inputs);
        }

        @Override
        public Results differentiate(Map<String, ? extends Input> inputs) {
            require();
            return delegate.differentiate(inputs);
        }

        @Override
        public void update(Adam adam) {
            require();
            delegate.update(adam);
        }
    }
}
