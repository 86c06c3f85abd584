namespace Disa.Emulator.Secrets;

/// <summary>Removes secrets whose recovery window is over.</summary>
internal sealed class SecretUpkeep(SecretStore secrets)
{
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = secrets.Now;
        foreach (var (scope, name, _) in secrets.Shelf.All().Where(entry => entry.Value.DeletionDate <= now).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            await secrets
                .Database.Write(transaction =>
                {
                    if (secrets.Shelf.Get(transaction, scope, name)?.DeletionDate <= now)
                    {
                        secrets.Shelf.Remove(transaction, scope, name);
                    }
                })
                .ConfigureAwait(false);
        }

        return secrets.Shelf.All().Min(entry => entry.Value.DeletionDate);
    }
}
