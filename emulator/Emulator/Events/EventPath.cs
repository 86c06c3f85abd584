using System.Globalization;
using System.Text.Json;

namespace Disa.Emulator.Events;

/// <summary>The paths of InputPath and InputPathsMap: <c>$</c>, <c>$.detail.name</c>, <c>$.resources[0]</c>, <c>$['a b']</c>.</summary>
internal static class EventPath
{
    public static bool IsValid(string path) => Steps(path) is not null;

    /// <summary>Null where the event has nothing there.</summary>
    public static JsonElement? Find(JsonElement json, string path)
    {
        foreach (var step in Steps(path) ?? [])
        {
            if (step is string name)
            {
                if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                {
                    return null;
                }
            }
            else
            {
                var index = (int)step;
                if (json.ValueKind != JsonValueKind.Array || index >= json.GetArrayLength())
                {
                    return null;
                }

                json = json[index];
            }
        }

        return json;
    }

    private static List<object>? Steps(string path)
    {
        if (!path.StartsWith('$'))
        {
            return null;
        }

        var steps = new List<object>();
        for (var i = 1; i < path.Length; )
        {
            if (path[i] == '.')
            {
                var end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                var name = end < 0 ? path[(i + 1)..] : path.Substring(i + 1, end);
                if (name.Length == 0)
                {
                    return null;
                }

                steps.Add(name);
                i += 1 + name.Length;
                continue;
            }

            var close = path[i] == '[' ? path.IndexOf(']', i) : -1;
            if (close < 0)
            {
                return null;
            }

            var inside = path[(i + 1)..close];
            if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                steps.Add(index);
            }
            else if (inside.Length > 2 && inside[0] is '\'' or '"' && inside[^1] == inside[0])
            {
                steps.Add(inside[1..^1]);
            }
            else
            {
                return null;
            }

            i = close + 1;
        }

        return steps;
    }
}
