package io.poolscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CarriedTest {

    @Test
    void isReadFromTheObjectItself() {
        Woven woven = new Woven();
        int others = Carried.others();
        Carried.by(woven, "state");
        assertThat(Carried.by(woven)).isEqualTo("state");
        assertThat(Carried.others()).isEqualTo(others);
    }

    @Test
    void isKeptAsideByIdentityWhereTheObjectHasNoPlaceForIt() {
        String one = new String("equal");
        String other = new String("equal");
        Carried.by(one, "first");
        Carried.by(other, "second");
        assertThat(Carried.by(one)).isEqualTo("first");
        assertThat(Carried.by(other)).isEqualTo("second");
        Carried.by(one, "third");
        assertThat(Carried.by(one)).isEqualTo("third");
        Carried.by(one, null);
        assertThat(Carried.by(one)).isNull();
        assertThat(Carried.by(other)).isEqualTo("second");
    }

    @Test
    void isNothingForNull() {
        Carried.by(null, "state");
        assertThat(Carried.by(null)).isNull();
    }

    @Test
    void goesWithItsObject() {
        int before = Carried.others();
        for (int i = 0; i < 100; i++) {
            Carried.by(new Object(), "state");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            Carried.by(new Object(), null); // a write takes the collected ones out
            return Carried.others() <= before;
        });
    }

    @Test
    void isThatOfItsHandlerForADynamicProxy() {
        Woven handler = new Woven();
        handler.poolscope$state("state");
        assertThat(Carried.by(proxyOf(handler))).isEqualTo("state");
    }

    @Test
    void isReadFromADynamicProxyAsItWasSet() {
        Object woven = proxyOf(new Woven());
        Carried.by(woven, "state");
        assertThat(Carried.by(woven)).isEqualTo("state");

        InvocationHandler plain = (proxy, method, arguments) -> null;
        Object aside = proxyOf(plain);
        Carried.by(aside, "aside");
        assertThat(Carried.by(aside)).isEqualTo("aside");
        assertThat(Carried.by(plain)).isEqualTo("aside");
    }

    private static Object proxyOf(InvocationHandler handler) {
        return Proxy.newProxyInstance(CarriedTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, handler);
    }

    private static final class Woven implements Carrier, InvocationHandler {

        private Object state;

        @Override
        public Object poolscope$state() {
            return state;
        }

        @Override
        public void poolscope$state(Object state) {
            this.state = state;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return null;
        }
    }
}
