package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.WovenType;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The methods that a class file declares and that can be woven: names and descriptors, nothing resolved.
 *
 * <p>Read by hand, because it is also asked about classes that only happen to be called like one that is woven, and the
 * programs that have these shall not load Byte Buddy.
 */
final class ClassOutline {

    private static final int ACC_BRIDGE = 0x0040;
    private static final int ACC_NATIVE = 0x0100;
    private static final int ACC_ABSTRACT = 0x0400;

    private final Copy copy;
    private final List<String[]> methods = new ArrayList<>();

    private ClassOutline(Copy copy) {
        this.copy = copy;
    }

    /** The outline of a class of this copy. */
    static ClassOutline of(byte[] classFile, Copy copy) {
        ClassOutline outline = new ClassOutline(copy);
        try {
            outline.read(new DataInputStream(new ByteArrayInputStream(classFile)));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a class file: " + e, e);
        }
        return outline;
    }

    private void read(DataInputStream in) throws IOException {
        if (in.readInt() != 0xCAFEBABE) {
            throw new IOException("no magic number");
        }
        in.skipBytes(4); // version
        String[] texts = constants(in);
        in.skipBytes(6); // access, this class, super class
        in.skipBytes(2 * in.readUnsignedShort()); // interfaces
        for (int fields = in.readUnsignedShort(); fields > 0; fields--) {
            in.skipBytes(6);
            skipAttributes(in);
        }
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int access = in.readUnsignedShort();
            String name = texts[in.readUnsignedShort()];
            String descriptor = texts[in.readUnsignedShort()];
            skipAttributes(in);
            if ((access & (ACC_ABSTRACT | ACC_NATIVE | ACC_BRIDGE)) == 0) {
                methods.add(new String[] {name, descriptor});
            }
        }
    }

    /** The constant pool: what stands in it as text, null where something else does. */
    private static String[] constants(DataInputStream in) throws IOException {
        String[] texts = new String[in.readUnsignedShort()];
        for (int i = 1; i < texts.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1: // Utf8
                    texts[i] = in.readUTF();
                    break;
                case 5: // Long
                case 6: // Double: both take two places
                    in.skipBytes(8);
                    i++;
                    break;
                case 7: // Class
                case 8: // String
                case 16: // MethodType
                case 19: // Module
                case 20: // Package
                    in.skipBytes(2);
                    break;
                case 15: // MethodHandle
                    in.skipBytes(3);
                    break;
                case 3: // Integer
                case 4: // Float
                case 9: // Fieldref
                case 10: // Methodref
                case 11: // InterfaceMethodref
                case 12: // NameAndType
                case 17: // Dynamic
                case 18: // InvokeDynamic
                    in.skipBytes(4);
                    break;
                default:
                    throw new IOException("a constant of kind " + tag);
            }
        }
        return texts;
    }

    private static void skipAttributes(DataInputStream in) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.skipBytes(2);
            in.skipBytes(in.readInt());
        }
    }

    boolean has(Hook hook) {
        for (String[] method : methods) {
            if (copy.matches(hook, method[0], method[1])) {
                return true;
            }
        }
        return false;
    }

    boolean hasOneOf(List<Hook> hooks) {
        for (Hook hook : hooks) {
            if (has(hook)) {
                return true;
            }
        }
        return false;
    }

    /** What the class lacks to be of this type, as a sentence about the library; null if nothing. */
    String missing(WovenType type) {
        for (Hook hook : type.hooks()) {
            if (!hook.isOptional() && !has(hook)) {
                return type.name() + " has no method " + hook;
            }
        }
        return null;
    }
}
