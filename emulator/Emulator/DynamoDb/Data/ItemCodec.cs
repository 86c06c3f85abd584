using System.Buffers;
using System.Text;

namespace Disa.Emulator.DynamoDb;

/// <summary>An item's form at rest: compact, and the same bytes for the same content, so that comparing bytes compares items.</summary>
internal static class ItemCodec
{
    public static byte[] Encode(Item item)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        Write(writer, item);
        return writer.WrittenSpan.ToArray();
    }

    public static Item Decode(ReadOnlySpan<byte> bytes) => ReadItem(ref bytes);

    /// <summary>Several items behind each other; null is told from empty.</summary>
    public static byte[] Encode(params ReadOnlySpan<Item?> items)
    {
        var writer = new ArrayBufferWriter<byte>(512);
        foreach (var item in items)
        {
            Byte(writer, item is null ? (byte)0 : (byte)1);
            if (item is not null)
            {
                Write(writer, item);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    public static Item? DecodeNext(ref ReadOnlySpan<byte> bytes)
    {
        var there = bytes[0] == 1;
        bytes = bytes[1..];
        return there ? ReadItem(ref bytes) : null;
    }

    private static void Write(ArrayBufferWriter<byte> writer, Item item)
    {
        Count(writer, item.Count);
        var names = new string[item.Count];
        item.Keys.CopyTo(names, 0);
        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
        {
            Text(writer, name);
            Write(writer, item[name]);
        }
    }

    private static void Write(ArrayBufferWriter<byte> writer, AttributeValue value)
    {
        Byte(writer, (byte)value.Type);
        switch (value.Type)
        {
            case AttributeType.S:
                Text(writer, value.S);
                break;
            case AttributeType.N:
                Text(writer, value.N.ToString());
                break;
            case AttributeType.B:
                Count(writer, value.B.Length);
                writer.Write(value.B);
                break;
            case AttributeType.BOOL:
                Byte(writer, value.Bool ? (byte)1 : (byte)0);
                break;
            case AttributeType.M:
                Write(writer, value.M);
                break;
            case AttributeType.L:
                Count(writer, value.Elements.Count);
                foreach (var element in value.Elements)
                {
                    Write(writer, element);
                }

                break;
            case AttributeType.SS or AttributeType.NS or AttributeType.BS:
                Count(writer, value.Elements.Count);
                var members = value.Elements.ToArray();
                Array.Sort(members, static (left, right) => left.CompareTo(right) ?? 0);
                foreach (var member in members)
                {
                    Write(writer, member);
                }

                break;
        }
    }

    private static Item ReadItem(ref ReadOnlySpan<byte> bytes)
    {
        var count = Count(ref bytes);
        var item = new Item(count);
        for (var i = 0; i < count; i++)
        {
            var name = Text(ref bytes);
            item.Add(name, ReadValue(ref bytes));
        }

        return item;
    }

    private static AttributeValue ReadValue(ref ReadOnlySpan<byte> bytes)
    {
        var type = (AttributeType)bytes[0];
        bytes = bytes[1..];
        switch (type)
        {
            case AttributeType.S:
                return AttributeValue.Of(Text(ref bytes));
            case AttributeType.N:
                Number.Parse(Text(ref bytes), out var number);
                return AttributeValue.Of(number);
            case AttributeType.B:
                var length = Count(ref bytes);
                var binary = bytes[..length].ToArray();
                bytes = bytes[length..];
                return AttributeValue.Of(binary);
            case AttributeType.BOOL:
                var flag = bytes[0] == 1;
                bytes = bytes[1..];
                return AttributeValue.Of(flag);
            case AttributeType.M:
                return AttributeValue.Of(ReadItem(ref bytes));
            case AttributeType.NULL:
                return AttributeValue.Null;
            default:
                var elements = new AttributeValue[Count(ref bytes)];
                for (var i = 0; i < elements.Length; i++)
                {
                    elements[i] = ReadValue(ref bytes);
                }

                return type == AttributeType.L ? AttributeValue.List(elements) : AttributeValue.Set(type, elements);
        }
    }

    private static void Byte(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void Count(ArrayBufferWriter<byte> writer, int value)
    {
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            Byte(writer, (byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte(writer, (byte)rest);
    }

    private static int Count(ref ReadOnlySpan<byte> bytes)
    {
        uint value = 0;
        for (int i = 0, shift = 0; ; i++, shift += 7)
        {
            value |= (uint)(bytes[i] & 0x7F) << shift;
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return (int)value;
            }
        }
    }

    private static void Text(ArrayBufferWriter<byte> writer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Count(writer, length);
        Encoding.UTF8.GetBytes(text, writer.GetSpan(length));
        writer.Advance(length);
    }

    private static string Text(ref ReadOnlySpan<byte> bytes)
    {
        var length = Count(ref bytes);
        var text = Encoding.UTF8.GetString(bytes[..length]);
        bytes = bytes[length..];
        return text;
    }
}
