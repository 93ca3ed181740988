package dev.tandem.actors;

import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepReport;
import java.util.List;
import java.util.Map;

/**
 * Where every step is written down, with the records it learnt from (offsets by partition), before the checkpoint that
 * holds it: the audit trail of a model. Called on the model's thread.
 */
public interface AuditLog {

    /** Writes nothing. */
    AuditLog NONE = new AuditLog() {
        @Override
        public void taken(
                Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {}

        @Override
        public void notTaken(Map<Partition, List<Long>> records, long step, long pairs, String reason) {}
    };

    void taken(Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health);

    /** @param step the last one that was taken */
    void notTaken(Map<Partition, List<Long>> records, long step, long pairs, String reason);
}
