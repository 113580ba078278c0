package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Site;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.model.CallSite;
import io.poolscope.model.Lease;
import java.util.IdentityHashMap;
import java.util.Map;

/** Where leases were handed out. Of a leaked one, which may never end, the stack is let go of and the words are kept. */
final class LeaseSites {

    private final SiteReader reader;
    private final Map<Lease, Site> ofLeaked = new IdentityHashMap<>();

    LeaseSites(SiteReader reader) {
        this.reader = reader;
    }

    Site of(Lease lease) {
        Site known = ofLeaked.get(lease);
        if (known != null) {
            return known;
        }
        CallSite site = lease.site();
        return site == null ? Site.UNKNOWN : reader.read(site.getStackTrace());
    }

    /** Takes the stack of a lease that leaked; null if there is none. */
    StackTraceElement[] take(Lease lease) {
        CallSite site = lease.takeSite();
        StackTraceElement[] stack = site == null ? null : site.getStackTrace();
        ofLeaked.put(lease, reader.read(stack));
        return stack;
    }

    /** Forgets leases that have ended. */
    void tick() {
        ofLeaked.keySet().removeIf(Lease::isEnded);
    }
}
