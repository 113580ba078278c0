package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Site;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.model.CallSite;
import io.poolscope.model.Lease;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Where leases were handed out. Of a leaked one, which may never end, the stack is let go of and the words are kept.
 * {@link #of} and {@link
 * #lineOf} may be called from any thread; the rest is confined to the engine's.
 */
final class LeaseSites {

    private final SiteReader reader;
    private final Map<Lease, Site> ofLeaked = Collections.synchronizedMap(new IdentityHashMap<>());

    LeaseSites(SiteReader reader) {
        this.reader = reader;
    }

    /** With the frames above it. */
    Site of(Lease lease) {
        return of(lease, reader::read);
    }

    /** The line alone, which is less work. */
    Site lineOf(Lease lease) {
        return of(lease, reader::readLine);
    }

    private Site of(Lease lease, Function<StackTraceElement[], Site> read) {
        Site known = ofLeaked.get(lease);
        CallSite site = known == null ? lease.site() : null;
        if (site != null) {
            return read.apply(site.getStackTrace());
        }
        // It may have been let go of in between.
        return known != null ? known : ofLeaked.getOrDefault(lease, Site.UNKNOWN);
    }

    /** Takes the stack of a lease that leaked; null if there is none. */
    StackTraceElement[] take(Lease lease) {
        CallSite site = lease.site();
        StackTraceElement[] stack = site == null ? null : site.getStackTrace();
        // Before it is let go of: who looks at this moment finds the one or the other.
        ofLeaked.put(lease, reader.read(stack));
        CallSite unused = lease.takeSite();
        return stack;
    }

    /** Forgets leases that have ended. */
    void tick() {
        ofLeaked.keySet().removeIf(Lease::isEnded);
    }
}
