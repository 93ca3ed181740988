package dev.tandem.actors;

import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepReport;
import java.util.List;
import java.util.Map;

/**
 * A log of every batch with the offsets of its records. A step is logged before the checkpoint that contains it. All
 * methods are called on the thread of the model.
 */
public interface AuditLog {

    /** An audit log that writes nothing. */
    AuditLog NONE = new AuditLog() {
        @Override
        public void logStep(
                Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {}

        @Override
        public void logSkippedBatch(Map<Partition, List<Long>> records, long step, long pairs, String reason) {}
    };

    /**
     * Logs a training step.
     *
     * @param records offsets of the batch by partition
     * @param step number of this step
     * @param pairs number of pairs seen so far
     */
    void logStep(Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health);

    /**
     * Logs a batch that was not used for training.
     *
     * @param records offsets of the batch by partition
     * @param step number of the last training step
     * @param pairs number of pairs seen so far, this batch included
     */
    void logSkippedBatch(Map<Partition, List<Long>> records, long step, long pairs, String reason);
}
