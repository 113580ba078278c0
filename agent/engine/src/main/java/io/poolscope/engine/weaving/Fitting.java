package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.dynamic.ClassFileLocator;

/**
 * A library as one class loader has it, held against what is required of it.
 *
 * <p>All types of the library are looked at before the first is woven, because half an instrumentation (acquiring seen,
 * releasing not) is worse than none. Looking reads class files, and changes nothing. Immutable.
 */
final class Fitting {

    private final Map<String, WovenType> types;
    private final String missing;

    private Fitting(Map<String, WovenType> types, String missing) {
        this.types = types;
        this.missing = missing;
    }

    /** A library that cannot be woven for this reason. */
    static Fitting unfit(String reason) {
        return new Fitting(Map.of(), reason);
    }

    /** What is missing, as the end of a sentence; null if nothing is. */
    String missing() {
        return missing;
    }

    /** What is woven into the type of this name, null if nothing is. */
    WovenType type(String name) {
        return types.get(name);
    }

    /** Holds the class files of a library against what is required of it. */
    static Fitting of(Library library, ClassFileLocator classFiles) throws IOException {
        Map<String, WovenType> types = new HashMap<>();
        for (List<WovenType> alternatives : library.variants()) {
            String missing = choose(alternatives, classFiles, types);
            if (missing != null) {
                return unfit(missing);
            }
        }
        return new Fitting(types, null);
    }

    /** Takes the first of these types that is there; returns what is missing, null if that is nothing. */
    private static String choose(
            List<WovenType> alternatives, ClassFileLocator classFiles, Map<String, WovenType> chosen)
            throws IOException {
        boolean optional = false;
        for (WovenType type : alternatives) {
            ClassFileLocator.Resolution classFile = classFiles.locate(type.name());
            if (classFile.isResolved()) {
                String missing = missing(type, ClassOutline.of(classFile.resolve()));
                if (missing == null) {
                    chosen.put(type.name(), type);
                    return null;
                }
                return type.isOptional() ? null : missing;
            }
            optional |= type.isOptional();
        }
        return optional ? null : "class " + alternatives.get(0).name() + " is missing";
    }

    private static String missing(WovenType type, ClassOutline outline) {
        for (Hook hook : type.hooks()) {
            if (!hook.isOptional() && !outline.has(hook)) {
                return type.name() + " has no method " + hook;
            }
        }
        return null;
    }
}
