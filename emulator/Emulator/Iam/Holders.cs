using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>One kind of entity that holds policies: finds and changes them.</summary>
internal sealed class Holders<T>(Database database, Shelf<T> shelf, string kind, Listings lists)
    where T : Holder
{
    public Database Database => database;

    /// <summary><c>role</c>, <c>user</c> or <c>group</c>, as error messages say it.</summary>
    public string Kind => kind;

    public Shelf<T> Shelf => shelf;

    /// <summary>What an operation lists of one of them.</summary>
    public Listing Listing(string operation, Caller caller, T holder) => lists.Of(operation, Scope.Global(caller.Account), holder.Arn);

    /// <exception cref="AwsException">NoSuchEntity.</exception>
    public T Find(Caller caller, string? name)
    {
        var wanted = Name(name);
        return shelf.Get(Scope.Global(caller.Account), wanted) ?? throw IamErrors.NoSuch(kind, wanted);
    }

    public T Find(Transaction transaction, Caller caller, string? name)
    {
        var wanted = Name(name);
        return shelf.Get(transaction, Scope.Global(caller.Account), wanted) ?? throw IamErrors.NoSuch(kind, wanted);
    }

    /// <summary>Stores a new one, unless its name is taken: names differ by more than case.</summary>
    public T Add(Transaction transaction, Caller caller, T made)
    {
        var scope = Scope.Global(caller.Account);
        if (
            shelf.List(transaction, scope).Keys.FirstOrDefault(name => string.Equals(name, made.Name, StringComparison.OrdinalIgnoreCase))
            is not null
        )
        {
            throw IamErrors.Exists(char.ToUpperInvariant(kind[0]) + kind[1..], made.Name);
        }

        shelf.Put(transaction, scope, made.Name, made);
        return made;
    }

    public Task<T> Change(Caller caller, string? name, Func<Holder, Holder> change) =>
        database.Write(transaction => Change(transaction, caller, name, change));

    public T Change(Transaction transaction, Caller caller, string? name, Func<Holder, Holder> change)
    {
        var changed = (T)change(Find(transaction, caller, name));
        shelf.Put(transaction, Scope.Global(caller.Account), changed.Name, changed);
        return changed;
    }

    private string Name(string? name) => name ?? throw IamErrors.Missing(kind + "Name");
}
