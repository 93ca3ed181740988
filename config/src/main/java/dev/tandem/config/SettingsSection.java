package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A section of the settings with typed access to its values. A value of the wrong type is a {@link SettingsException} that
 * names its key.
 *
 * @param config the values of the section
 * @param name path of the section without {@code tandem.}
 */
record SettingsSection(Config config, String name) {

    static SettingsSection of(Config tandem, String name) {
        return new SettingsSection(tandem.getConfig(name), name);
    }

    SettingsSection child(String key) {
        return new SettingsSection(config.getConfig(key), keyPath(key));
    }

    String text(String key) {
        return read(key, "text", () -> config.getString(key));
    }

    /** Reads the path of a file; an empty text gives empty. */
    Optional<Path> path(String key) {
        return Optional.of(text(key)).filter(name -> !name.isBlank()).map(Path::of);
    }

    int integer(String key) {
        return read(key, "a whole number", () -> config.getInt(key));
    }

    long longInteger(String key) {
        return read(key, "a whole number", () -> config.getLong(key));
    }

    double number(String key) {
        return read(key, "a number", () -> config.getDouble(key));
    }

    boolean flag(String key) {
        return read(key, "true or false", () -> config.getBoolean(key));
    }

    Duration duration(String key) {
        return read(key, "a duration, for example \"5 seconds\"", () -> config.getDuration(key));
    }

    long bytes(String key) {
        return read(key, "a size, for example \"10 MiB\"", () -> config.getBytes(key));
    }

    /** Reads a whole number; {@code auto} gives empty. */
    OptionalInt integerOrAuto(String key) {
        return text(key).equals("auto")
                ? OptionalInt.empty()
                : OptionalInt.of(read(key, "\"auto\" or a whole number", () -> config.getInt(key)));
    }

    /** Reads a number; {@code auto} gives empty. */
    OptionalDouble numberOrAuto(String key) {
        return text(key).equals("auto")
                ? OptionalDouble.empty()
                : OptionalDouble.of(read(key, "\"auto\" or a number", () -> config.getDouble(key)));
    }

    /** Reads a number of bytes; {@code auto} gives empty. */
    OptionalLong bytesOrAuto(String key) {
        return text(key).equals("auto")
                ? OptionalLong.empty()
                : OptionalLong.of(read(key, "\"auto\" or a size, for example \"8 GiB\"", () -> config.getBytes(key)));
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String value = text(key);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new SettingsException(keyPath(key) + " is \"" + value + "\", but must be one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    private String keyPath(String key) {
        return name + "." + key;
    }

    private <V> V read(String key, String expected, Supplier<V> getter) {
        try {
            return getter.get();
        } catch (ConfigException.WrongType | ConfigException.BadValue e) {
            String value = config.getValue(key).render();
            throw new SettingsException(keyPath(key) + " is " + value + ", but must be " + expected);
        }
    }
}
