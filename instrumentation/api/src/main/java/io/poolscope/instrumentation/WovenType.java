package io.poolscope.instrumentation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** One type of a library, and what is woven into it. Built once, then read only. */
public final class WovenType {

    private final String name;
    private final List<Hook> hooks = new ArrayList<>();
    private boolean carrier;
    private boolean optional;

    private WovenType(String name) {
        this.name = name;
    }

    /** The type of this name, with dots, {@code $} before a nested one. */
    public static WovenType type(String name) {
        return new WovenType(name);
    }

    /** Its objects carry state of ours: it becomes a {@link io.poolscope.model.Carrier}. */
    public WovenType carrying() {
        carrier = true;
        return this;
    }

    /** A version may be without it. */
    public WovenType optional() {
        optional = true;
        return this;
    }

    /** Adds hooks. */
    public WovenType hooks(Hook... more) {
        hooks.addAll(Arrays.asList(more));
        return this;
    }

    /** Its name, with dots. */
    public String name() {
        return name;
    }

    /** Whether its objects carry state. */
    public boolean isCarrier() {
        return carrier;
    }

    /** Whether a version may be without it. */
    public boolean isOptional() {
        return optional;
    }

    /** Its hooks. */
    public List<Hook> hooks() {
        return Collections.unmodifiableList(hooks);
    }
}
