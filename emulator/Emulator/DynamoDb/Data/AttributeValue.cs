using System.Text;
using System.Text.Json.Serialization;

namespace Disa.Emulator.DynamoDb;

/// <summary>The types of an attribute, by the names they have on the wire.</summary>
internal enum AttributeType : byte
{
    S = 1,
    N,
    B,
    SS,
    NS,
    BS,
    M,
    L,
    NULL,
    BOOL,
}

/// <summary>One attribute's value: immutable, except while a request is read.</summary>
[JsonConverter(typeof(AttributeValueConverter))]
internal sealed class AttributeValue : IEquatable<AttributeValue>
{
    public static readonly AttributeValue Null = new(AttributeType.NULL, true);
    public static readonly AttributeValue True = new(AttributeType.BOOL, true);
    public static readonly AttributeValue False = new(AttributeType.BOOL, false);

    private readonly object payload;

    private AttributeValue(AttributeType type, object payload, string? problem = null)
    {
        Type = type;
        this.payload = payload;
        Problem = problem;
    }

    public AttributeType Type { get; }

    /// <summary>What AWS says of a value that a request may not carry; null for a good one. Validation reports it in its turn.</summary>
    public string? Problem { get; }

    public string S => (string)payload;

    public Number N => (Number)payload;

    public byte[] B => (byte[])payload;

    public bool Bool => (bool)payload;

    public IReadOnlyList<AttributeValue> Elements => (AttributeValue[])payload;

    public Item M => (Item)payload;

    public bool IsSet => Type is AttributeType.SS or AttributeType.NS or AttributeType.BS;

    public static AttributeValue Of(string text) => new(AttributeType.S, text);

    public static AttributeValue Of(Number number) => new(AttributeType.N, number);

    public static AttributeValue Of(byte[] bytes) => new(AttributeType.B, bytes);

    public static AttributeValue Of(bool value) => value ? True : False;

    public static AttributeValue Of(Item map) => new(AttributeType.M, map);

    public static AttributeValue List(AttributeValue[] elements) => new(AttributeType.L, elements);

    /// <summary>A set; its members are S, N or B as the type says, without duplicates.</summary>
    public static AttributeValue Set(AttributeType type, AttributeValue[] members) => new(type, members);

    public static AttributeValue Bad(AttributeType type, string problem) => new(type, problem, problem);

    /// <summary>The first problem of this value or of those inside it.</summary>
    public string? FindProblem(int depth = 1)
    {
        if (Problem is not null)
        {
            return Problem;
        }

        if (Type is not (AttributeType.M or AttributeType.L))
        {
            return null;
        }

        if (depth > 32)
        {
            return "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
        }

        if (Type == AttributeType.L)
        {
            foreach (var element in Elements)
            {
                if (element.FindProblem(depth + 1) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }

        foreach (var (_, value) in M)
        {
            if (value.FindProblem(depth + 1) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The bytes that it counts for, without its name.</summary>
    /// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html</remarks>
    public int Size()
    {
        switch (Type)
        {
            case AttributeType.S:
                return Encoding.UTF8.GetByteCount(S);
            case AttributeType.N:
                return N.Size;
            case AttributeType.B:
                return B.Length;
            case AttributeType.SS or AttributeType.NS or AttributeType.BS:
                var sum = 0;
                foreach (var member in Elements)
                {
                    sum += member.Size();
                }

                return sum;
            case AttributeType.L:
                var list = 3;
                foreach (var element in Elements)
                {
                    list += 1 + element.Size();
                }

                return list;
            case AttributeType.M:
                return 3 + M.Count + M.Size();
            default:
                return 1;
        }
    }

    /// <summary>How many members, elements, bytes or characters: what <c>size()</c> answers; null for a type that has none.</summary>
    public int? Length() =>
        Type switch
        {
            // DynamoDB counts the UTF-8 bytes of a string.
            AttributeType.S => Encoding.UTF8.GetByteCount(S),
            AttributeType.B => B.Length,
            AttributeType.M => M.Count,
            AttributeType.L or AttributeType.SS or AttributeType.NS or AttributeType.BS => Elements.Count,
            _ => null,
        };

    /// <summary>The order of two values of one scalar type; null where there is none.</summary>
    public int? CompareTo(AttributeValue other)
    {
        if (Type != other.Type)
        {
            return null;
        }

        return Type switch
        {
            AttributeType.S => CompareUtf8(S, other.S),
            AttributeType.N => N.CompareTo(other.N),
            AttributeType.B => B.AsSpan().SequenceCompareTo(other.B),
            _ => null,
        };
    }

    public bool Equals(AttributeValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || Type != other.Type)
        {
            return false;
        }

        switch (Type)
        {
            case AttributeType.S:
                return S == other.S;
            case AttributeType.N:
                return N.Equals(other.N);
            case AttributeType.B:
                return B.AsSpan().SequenceEqual(other.B);
            case AttributeType.L:
                return Elements.SequenceEqual(other.Elements);
            case AttributeType.M:
                return M.SameAs(other.M);
            case AttributeType.SS or AttributeType.NS or AttributeType.BS:
                return Elements.Count == other.Elements.Count && Elements.ToHashSet().SetEquals(other.Elements);
            case AttributeType.BOOL:
                return Bool == other.Bool;
            default:
                return true;
        }
    }

    public override bool Equals(object? obj) => Equals(obj as AttributeValue);

    public override int GetHashCode()
    {
        switch (Type)
        {
            case AttributeType.B:
                var hash = new HashCode();
                hash.AddBytes(B);
                return hash.ToHashCode();
            case AttributeType.S or AttributeType.N or AttributeType.BOOL:
                return payload.GetHashCode();
            default:
                return (int)Type;
        }
    }

    /// <summary>As AWS's error messages show it: <c>{S:text}</c>.</summary>
    public override string ToString() =>
        Type switch
        {
            AttributeType.S => $"{{S:{S}}}",
            AttributeType.N => $"{{N:{N}}}",
            AttributeType.B => $"{{B:{Convert.ToBase64String(B)}}}",
            _ => $"{{{Type}:…}}",
        };

    /// <summary>By UTF-8 bytes, as DynamoDB orders strings; UTF-16 order differs above U+FFFF.</summary>
    private static int CompareUtf8(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a != b)
            {
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b)
                    : char.IsSurrogate(a) ? 1
                    : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
