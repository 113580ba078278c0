package io.poolscope.engine.leaks;

import java.util.LinkedHashMap;
import java.util.Map;

/** Cases by what they are about; of many, those are forgotten that have been quiet for longest. */
final class Cases<K, C extends Case> extends LinkedHashMap<K, C> {

    private static final long serialVersionUID = 1L;
    private static final int BOUND = 500;

    Cases() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, C> eldest) {
        return size() > BOUND;
    }
}
