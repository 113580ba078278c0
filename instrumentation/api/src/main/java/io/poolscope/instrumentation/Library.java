package io.poolscope.instrumentation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One jar of a client, the unit that is woven wholly or not at all: what is required of it is looked for in its class
 * files before the first of its types is changed. Built once, then read only.
 */
public final class Library {

    private final String label;
    private final String group;
    private final String artifact;
    private final boolean part;
    private final List<List<WovenType>> variants = new ArrayList<>();
    private String versionFile;
    private String firstUnchecked;
    private String whyUnwatched;

    private Library(String label, String group, String artifact, boolean part) {
        this.label = label;
        this.group = group;
        this.artifact = artifact;
        this.part = part;
    }

    /**
     * A client's own jar.
     *
     * @param label as people call it: {@code httpclient}; names of pools begin with it
     * @param group the Maven coordinates by which its version is found in the jar
     */
    public static Library client(String label, String group, String artifact) {
        return new Library(label, group, artifact, false);
    }

    /** A jar that a client builds upon; it is not announced by itself. */
    public static Library part(String label, String group, String artifact) {
        return new Library(label, group, artifact, true);
    }

    /**
     * Something in a client's jar that is not watched, which is said once: where one of its types is loaded and all of them are
     * there. Silence would look like health.
     *
     * @param label what people know it by: {@code httpclient's ThreadSafeClientConnManager}
     * @param reason the end of the sentence that begins with the label, the version, and {@code is not watched}
     */
    public static Library unwatched(String label, String group, String artifact, String reason) {
        Library library = new Library(label, group, artifact, false);
        library.whyUnwatched = reason;
        return library;
    }

    /** Adds types that are all there in every version, unless they are optional. */
    public Library weave(WovenType... types) {
        for (WovenType type : types) {
            variants.add(Collections.singletonList(type));
        }
        return this;
    }

    /** Adds types of which a version has one: they stand for each other. */
    public Library weaveOneOf(WovenType... alternatives) {
        List<WovenType> either = new ArrayList<>();
        Collections.addAll(either, alternatives);
        variants.add(Collections.unmodifiableList(either));
        return this;
    }

    /**
     * Names a properties file between its classes that says which version it is, in {@code info.release}. It moves along with
     * a copy, and cannot be taken for another jar's, as Maven's can that such copies bring with them.
     */
    public Library versionIn(String resource) {
        versionFile = resource;
        return this;
    }

    /**
     * Names the first version that nobody has checked, {@code 5.7}, which is not woven, nor are its previews and all that
     * follow: what has the same methods may call them at other times. Of a jar that does not say its version, the methods decide
     * alone.
     *
     * @param version numbers with dots
     */
    public Library before(String version) {
        firstUnchecked = version;
        return this;
    }

    /** As people call it. */
    public String label() {
        return label;
    }

    /** Group of its Maven coordinates. */
    public String group() {
        return group;
    }

    /** Artifact of its Maven coordinates. */
    public String artifact() {
        return artifact;
    }

    /** The properties file that says which version it is, null if there is none. */
    public String versionFile() {
        return versionFile;
    }

    /** The first version that nobody has checked, null if there is no such bound. */
    public String firstUnchecked() {
        return firstUnchecked;
    }

    /** Why it is not watched, null for what is. */
    public String whyUnwatched() {
        return whyUnwatched;
    }

    /** Whether a client builds upon it, and it is not announced by itself. */
    public boolean isPart() {
        return part;
    }

    /** Its types: of each list a version has one. */
    public List<List<WovenType>> variants() {
        return Collections.unmodifiableList(variants);
    }
}
