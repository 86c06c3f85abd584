using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>The reason why a text is not a valid event pattern. Each service reports it with its own error.</summary>
public sealed class EventPatternException(string reason) : Exception(reason)
{
    /// <summary>The value that is wrong; undefined where AWS names no place.</summary>
    internal JsonElement Value { get; private init; }

    /// <summary>Whether AWS had read the value to its end when it found the fault.</summary>
    internal bool IsRead { get; private init; }

    /// <summary>Whether the value stands in a list whose reader names the place once more.</summary>
    internal bool IsInList { get; private init; }

    /// <summary>A fault that AWS finds as soon as the value begins.</summary>
    internal static EventPatternException At(JsonElement value, string reason, bool inList = false) =>
        new(reason) { Value = value, IsInList = inList };

    /// <summary>A fault that AWS finds when it has read the value.</summary>
    internal static EventPatternException After(JsonElement value, string reason, bool inList = false) =>
        new(reason)
        {
            Value = value,
            IsRead = true,
            IsInList = inList,
        };
}
