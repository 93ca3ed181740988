package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestSetTest {

    @Test
    void subset_fewInputsWithModes_hasAllOfThem() {
        TestSet set = set(3, 20);

        assertThat(set.subset(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(3);
        assertThat(set.subset(10)).isEqualTo(set.subset(10));
        assertThat(set.subset(1000).inputs()).hasSize(23);
    }

    @Test
    void subset_manyInputsWithModes_hasHalfUnlessThereAreTooFewOthers() {
        assertThat(set(20, 20).subset(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(5);
        assertThat(set(20, 2).subset(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(8);
        assertThat(set(20, 0).subset(30).inputs()).hasSize(20);
    }

    @Test
    void hasModes_anyHueOfGreyImages_isFalse() {
        Tensor grey = Tensor.zeros(1, 1, 32, 32);

        assertThat(new TestInput(List.of("x"), grey, List.of(grey, grey), true).hasModes())
                .isFalse();
    }

    private static TestSet set(int withModes, int others) {
        List<TestInput> inputs = new ArrayList<>();
        for (int i = 0; i < withModes + others; i++) {
            List<Tensor> truths = i < withModes
                    ? List.of(TestTensors.grey(1, 0), TestTensors.grey(1, 1))
                    : List.of(TestTensors.grey(1, 0));
            inputs.add(new TestInput(List.of("input" + i), TestTensors.grey(1, 1), truths, false));
        }
        return new TestSet("test", "", inputs);
    }
}
