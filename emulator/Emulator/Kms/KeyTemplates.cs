using System.Text.Json;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Kms;

/// <summary>What the resource types of keys have in common.</summary>
internal static class KeyTemplates
{
    public static string? PolicyText(JsonElement? policy) =>
        policy switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { } json => json.GetRawText(),
        };

    /// <summary>The template's tags, then the stack's.</summary>
    public static Dictionary<string, string> Tags(IReadOnlyList<KeyPropertyTag>? own, ResourceRequest request)
    {
        var tags = KeyTags.Merge(new Dictionary<string, string>(), own?.Select(tag => new KeyTag(tag.Key, tag.Value)).ToList());
        foreach (var (name, value) in request.StackTags)
        {
            tags.TryAdd(name, value);
        }

        return tags;
    }

    /// <summary>Enabled or disabled, at once or when its passing state is over; a key without material waits for it.</summary>
    public static KmsKey Switched(KmsKey key, bool enabled)
    {
        var state = enabled ? KmsKey.Enabled : KmsKey.Disabled;
        return Imported.Settled(key.IsInTransition ? key with { SettledState = state } : key with { State = state });
    }

    public static void CheckWindow(int? days)
    {
        if (days is < 7 or > 30)
        {
            throw KmsErrors.Invalid("PendingWindowInDays must be between 7 and 30.");
        }
    }

    /// <summary>Deleting the resource schedules the key's deletion.</summary>
    public static async Task Delete(Keys keys, ResourceRequest request, int? days, CancellationToken cancellation)
    {
        if (keys.Shelf.Get(request.Caller.Scope, request.PhysicalId ?? "") is { IsPendingDeletion: false })
        {
            await new ScheduleKeyDeletion(keys).Run(new(request.PhysicalId, days), request.Caller, cancellation).ConfigureAwait(false);
        }
    }
}
