package dev.tandem.app.console;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The word {@code %eraseBar} of a log pattern: on a terminal, it erases the line, which can show a progress bar. */
public final class EraseBar extends ClassicConverter {
    private static final String ERASE_LINE = "\u001B[2K\r";

    @Override
    public String convert(ILoggingEvent event) {
        return Progress.terminalWidth() > 0 ? ERASE_LINE : "";
    }
}
