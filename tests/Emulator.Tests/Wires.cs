using System.Collections;
using System.Reflection;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator.Tests;

/// <summary>The rooms that the delegates in a room lead to, however deep they lie in it: what it was given without knowing whose it is.</summary>
internal sealed class Wires
{
    private const string Root = "Disa.Emulator.";
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly string room;
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> left = [];

    public Wires(Room of)
    {
        room = RoomOf(of.GetType())!;
        left.Push(of);
        while (left.TryPop(out var next))
        {
            if (seen.Add(next))
            {
                Look(next);
            }
        }
    }

    public SortedSet<string> Rooms { get; } = [];

    /// <summary>The room of a type, its closures included; null at the root, and of what is no part of the emulator.</summary>
    public static string? RoomOf(Type type) =>
        type.Namespace is { } name && name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..].Split('.')[0] : null;

    private void Look(object value)
    {
        switch (value)
        {
            case Delegate wire:
                foreach (var one in wire.GetInvocationList())
                {
                    Follow(one.Target, one.Method.DeclaringType!);
                }

                return;
            case string or Type:
                return;
            case IDictionary map:
                Push(map.Values);
                return;
            case Array or IList:
                Push((IEnumerable)value);
                return;
        }

        if (RoomOf(value.GetType()) != room && value is not (AwsService or Operation or Worker or AlarmBoard))
        {
            return;
        }

        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Fields).Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsPointer))
            {
                if (field.FieldType.IsByRefLike is false && field.GetValue(value) is { } held)
                {
                    left.Push(held);
                }
            }
        }
    }

    /// <summary>Where a delegate leads: to its own room, to another, or through a method of the root to what that holds.</summary>
    private void Follow(object? target, Type declaring)
    {
        var leads = RoomOf(declaring);
        if (leads == room)
        {
            if (target is not null)
            {
                left.Push(target);
            }
        }
        else if (leads is not null)
        {
            Found(leads);
        }
        else if (target is CallPipeline)
        {
            // It stands before every operation, whichever room calls it.
        }
        else if (target is LocalCloud)
        {
            Found(nameof(LocalCloud));
        }
        else if (target is not null && declaring.Namespace == "Disa.Emulator")
        {
            foreach (var field in target.GetType().GetFields(Fields))
            {
                if (field.GetValue(target) is Delegate inner)
                {
                    left.Push(inner);
                }
                else if (field.FieldType == typeof(LocalCloud))
                {
                    Found(nameof(LocalCloud));
                }
                else if (RoomOf(field.FieldType) is { } held)
                {
                    Found(held);
                }
            }
        }
    }

    private void Found(string other)
    {
        if (other != room && other is not ("Aws" or "Time" or "Store" or "Policies" or "Patterns" or "Rooms" or "Http"))
        {
            Rooms.Add(other);
        }
    }

    private void Push(IEnumerable values)
    {
        foreach (var value in values)
        {
            if (value is not null)
            {
                left.Push(value);
            }
        }
    }
}
