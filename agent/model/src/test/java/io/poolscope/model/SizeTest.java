package io.poolscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.vm.VM;

/** The budget is 150 bytes for a request: what is allocated for each has its size written down here. */
class SizeTest {

    @Test
    void ofALeaseItsCustodyAndItsWaitIs120Bytes() {
        // With compressed references, as in every heap below 32 GB; the measured JVM says so itself.
        assertThat(VM.current().objectAlignment()).isEqualTo(8);
        assertThat(sizeOf(Lease.class)).isEqualTo(56);
        assertThat(sizeOf(Custody.class)).isEqualTo(32);
        assertThat(sizeOf(Wait.class)).isEqualTo(32);
    }

    @Test
    void ofAConnectionIsACacheLine() {
        assertThat(sizeOf(Connection.class)).isEqualTo(64);
    }

    private static long sizeOf(Class<?> type) {
        return ClassLayout.parseClass(type).instanceSize();
    }
}
