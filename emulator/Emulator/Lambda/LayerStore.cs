using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Lambda;

/// <summary>Layers on a shelf; their packages lie with those of functions.</summary>
internal sealed class LayerStore(Database database)
{
    public Shelf<Layer> Layers { get; } = new(database, "lambda.layer", LayerDocuments.Default.Layer);

    /// <summary>A version that is there; null for none.</summary>
    public LayerVersion? Find(LayerReference reference) => Find(Layers.Get(reference.Scope, reference.Name), reference);

    public LayerVersion? Find(Transaction transaction, LayerReference reference) =>
        Find(Layers.Get(transaction, reference.Scope, reference.Name), reference);

    /// <summary>Puts a changed version in the place of the one with its number.</summary>
    public void Put(Transaction transaction, LayerReference reference, LayerVersion changed)
    {
        var layer = Layers.Get(transaction, reference.Scope, reference.Name)!;
        Layers.Put(
            transaction,
            reference.Scope,
            layer.Name,
            layer with
            {
                Versions = [.. layer.Versions.Select(version => version.Number == changed.Number ? changed : version)],
            }
        );
    }

    /// <summary>Whether a version of a layer of the account has a package.</summary>
    /// <param name="transaction">Of a change.</param>
    /// <param name="scope">Where the change is: there the transaction is asked, elsewhere what is committed.</param>
    /// <param name="account">Whose package it is.</param>
    /// <param name="sha256">Which one.</param>
    public bool Uses(Transaction transaction, Scope scope, string account, string sha256) =>
        Layers
            .All()
            .Where(entry => entry.Scope.Account == account && entry.Scope != scope)
            .Select(entry => entry.Value)
            .Concat(scope.Account == account ? Layers.List(transaction, scope).Values : [])
            .Any(layer => layer.Versions.Any(version => version.CodeSha256 == sha256));

    /// <summary>Bytes of all versions of a Region.</summary>
    public long CodeSize(Scope scope) => Layers.List(scope).Values.Sum(layer => layer.Versions.Sum(version => version.CodeSize));

    private static LayerVersion? Find(Layer? layer, LayerReference reference) =>
        layer?.Versions.FirstOrDefault(version => version.Number == reference.Version);
}
