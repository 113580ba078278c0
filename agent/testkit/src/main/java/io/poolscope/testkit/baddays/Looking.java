package io.poolscope.testkit.baddays;

import java.io.ObjectStreamClass;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An application that looks at the classes of its libraries, as frameworks for serialization, injection and mocking do,
 * and says all it sees but what is synthetic.
 *
 * <p>Arguments: names of classes, absent ones included. Lines that begin with {@code added} tell what is not the
 * library's.
 */
public final class Looking {

    private Looking() {}

    public static void main(String[] arguments) throws Exception {
        for (String name : arguments) {
            Class<?> type;
            try {
                type = Class.forName(name);
            } catch (ClassNotFoundException absent) {
                System.out.println("no " + name);
                continue;
            }
            List<String> seen = new ArrayList<>();
            for (Field field : type.getDeclaredFields()) {
                see(field, seen);
                field.setAccessible(true);
                if (field.getName().startsWith("poolscope")) {
                    System.out.println("added field " + name + " " + Modifier.toString(field.getModifiers())
                            + (field.isSynthetic() ? " synthetic " : " visible ")
                            + field.getType().getName());
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                see(method, seen);
                if (!method.isSynthetic()) {
                    seen.add(method.toGenericString());
                } else if (method.getName().startsWith("poolscope")) {
                    System.out.println("added method " + name + " " + method.getName());
                }
            }
            Collections.addAll(seen, names(type.getDeclaredConstructors()));
            Collections.addAll(seen, names(type.getDeclaredClasses()));
            Collections.addAll(seen, names(type.getMethods()));
            for (Class<?> contract : type.getInterfaces()) {
                if (contract.getName().startsWith("io.poolscope.")) {
                    System.out.println("added interface " + name + " " + contract.getName());
                } else {
                    seen.add(contract.getName());
                }
            }
            seen.add("generic " + type.toGenericString());
            ObjectStreamClass stream = ObjectStreamClass.lookup(type);
            seen.add("serialVersionUID " + (stream == null ? "none" : "" + stream.getSerialVersionUID()));
            seen.add("fields to serialize "
                    + (stream == null ? "none" : Collections.singletonList(stream.getFields().length)));
            Collections.sort(seen);
            System.out.println(name + " " + Modifier.toString(type.getModifiers()) + " " + seen);
        }
        Errands.linger();
        System.exit(Errands.EXIT);
    }

    private static void see(Member member, List<String> seen) {
        if (!member.isSynthetic()) {
            seen.add(member.toString());
        }
    }

    private static String[] names(Object[] members) {
        List<String> names = new ArrayList<>();
        for (Object member : members) {
            if (!(member instanceof Member) || !((Member) member).isSynthetic()) {
                names.add(member.toString());
            }
        }
        return names.toArray(new String[0]);
    }
}
