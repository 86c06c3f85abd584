namespace Disa.Emulator.Kms;

/// <summary>What becomes of a key as its imported material comes and goes.</summary>
internal static class Imported
{
    /// <summary>The key in the state that its material asks for; a scheduled deletion goes on.</summary>
    public static KmsKey Settled(KmsKey key) =>
        key.State switch
        {
            KmsKey.PendingImport when key.HasAllMaterial => key with { State = KmsKey.Enabled },
            KmsKey.Enabled or KmsKey.Disabled when !key.HasAllMaterial => key with { State = KmsKey.PendingImport },
            KmsKey.Creating or KmsKey.Updating when key.SettledState is KmsKey.Enabled or KmsKey.PendingImport => key with
            {
                SettledState = key.HasAllMaterial ? KmsKey.Enabled : KmsKey.PendingImport,
            },
            _ => key,
        };

    /// <summary>Without one of its materials: what was brought for the next rotation is gone, the others can come back.</summary>
    public static KmsKey Without(KmsKey key, int at)
    {
        var material = key.Materials[at];
        return Settled(
            key with
            {
                Materials =
                [
                    .. key.Materials.Take(at),
                    .. material.IsPendingRotation ? (KeyMaterial[])[] : [material.Lost()],
                    .. key.Materials.Skip(at + 1),
                ],
            }
        );
    }

    /// <summary>Without what has expired by now.</summary>
    public static KmsKey Expired(KmsKey key, DateTimeOffset now)
    {
        for (var at = key.Materials.Count - 1; at >= 0; at--)
        {
            key = key.Materials[at].ValidTo <= now ? Without(key, at) : key;
        }

        return key;
    }
}
