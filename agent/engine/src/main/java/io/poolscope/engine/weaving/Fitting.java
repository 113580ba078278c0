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

    /** What is woven into the type that the library has by this name, null if nothing is. */
    WovenType type(String name) {
        return types.get(name);
    }

    /**
     * Holds the class files of a library against what is required of it.
     *
     * @param advice what is woven into a copy that somebody has moved, null for the library itself
     */
    static Fitting of(Library library, Copy copy, ClassFileLocator classFiles, MovedAdvice advice) throws IOException {
        Map<String, WovenType> types = new HashMap<>();
        for (List<WovenType> alternatives : library.variants()) {
            String missing = choose(alternatives, copy, classFiles, advice, types);
            if (missing != null) {
                return unfit(copy.translated(missing));
            }
        }
        return new Fitting(types, null);
    }

    /** Takes the first of these types that is there; returns what is missing, null if that is nothing. */
    private static String choose(
            List<WovenType> alternatives,
            Copy copy,
            ClassFileLocator classFiles,
            MovedAdvice advice,
            Map<String, WovenType> chosen)
            throws IOException {
        boolean optional = false;
        for (WovenType type : alternatives) {
            ClassFileLocator.Resolution classFile = classFiles.locate(copy.hereInSource(type.name()));
            if (classFile.isResolved()) {
                ClassOutline outline = ClassOutline.of(classFile.resolve(), copy);
                String missing = outline.missing(type);
                if (missing == null && advice != null) {
                    missing = missing(type, outline, classFiles, advice);
                }
                if (missing == null) {
                    chosen.put(type.name(), type);
                }
                return missing;
            }
            optional |= type.isOptional();
        }
        return optional ? null : "class " + alternatives.get(0).name() + " is missing";
    }

    /** What advice names and a minimised jar does not have. */
    private static String missing(WovenType type, ClassOutline outline, ClassFileLocator classFiles, MovedAdvice advice)
            throws IOException {
        for (Hook hook : type.hooks()) {
            if (outline.has(hook)) {
                for (String name : advice.named(hook.advice())) {
                    if (!classFiles.locate(name).isResolved()) {
                        return "class " + name + " is missing";
                    }
                }
            }
        }
        return null;
    }
}
