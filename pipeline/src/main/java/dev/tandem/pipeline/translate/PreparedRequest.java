package dev.tandem.pipeline.translate;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.transaction.InputRecord;

/** A record of the topic {@code topics.sources} after decoding. */
sealed interface PreparedRequest {

    InputRecord input();

    /** Returns the size in a micro-batch. An invalid request counts too, or a batch of them could grow without limit. */
    long weight();

    record Valid(InputRecord input, TranslationRequest content) implements PreparedRequest {
        @Override
        public long weight() {
            return content.request().samples();
        }
    }

    record Invalid(InputRecord input, InvalidInput cause) implements PreparedRequest {
        @Override
        public long weight() {
            return 1;
        }
    }
}
