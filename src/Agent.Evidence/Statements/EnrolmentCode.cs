using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Agent.Evidence.Statements;

/// <summary>
/// What an officer gives a technician, on paper or by telephone: 31 characters of Crockford's base32, six that name the code, 24 that are
/// secret, and one by which a slip of the hand is noticed before anything is sent. The code itself never travels. Source: FORMAT.md,
/// "Enrolment".
/// </summary>
public sealed class EnrolmentCode
{
    /// <summary>How many random bytes a new code is made of.</summary>
    public const int RandomBytes = IdDigits + SecretDigits;

    /// <summary>Length of <see cref="Id"/>.</summary>
    public const int IdDigits = 6;

    const int SecretDigits = 24;
    const int GroupDigits = 5;
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const string Purpose = "footage-enrolment-1 ";

    readonly string _digits;

    EnrolmentCode(string digits) => _digits = digits;

    /// <summary>The part that is no secret and names the code.</summary>
    public string Id => _digits[..IdDigits];

    /// <summary>Makes a new code.</summary>
    /// <param name="random">Fresh random bytes, <see cref="RandomBytes"/> of them.</param>
    /// <returns>The code.</returns>
    /// <exception cref="ArgumentException">They are not so many.</exception>
    public static EnrolmentCode FromRandom(ReadOnlySpan<byte> random)
    {
        if (random.Length != RandomBytes)
            throw new ArgumentException($"A code is made of {RandomBytes} bytes.", nameof(random));

        var digits = new StringBuilder();
        foreach (var part in random)
            digits.Append(Alphabet[part % Alphabet.Length]);
        return new EnrolmentCode(digits.Append(Alphabet[CheckOf(digits.ToString())]).ToString());
    }

    /// <summary>Reads a code as people write it: in either case, with or without dashes and spaces, O for 0, I and L for 1.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The code.</returns>
    /// <exception cref="FormatException">It cannot be a code: one plain sentence that holds no character of it.</exception>
    public static EnrolmentCode Parse(string text)
    {
        var digits = new StringBuilder();
        foreach (var typed in text.Where(c => c is not ('-' or ' ')))
            digits.Append(Meant(char.ToUpperInvariant(typed)));
        if (digits.Length != RandomBytes + 1)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"A code has {RandomBytes + 1} letters and digits; {digits.Length} were given."));

        var code = digits.ToString();
        foreach (var digit in code)
            if (!Alphabet.Contains(digit, StringComparison.Ordinal))
                throw new FormatException("The code holds a character that no code has.");
        return Alphabet[CheckOf(code[..^1])] == code[^1]
            ? new EnrolmentCode(code)
            : throw new FormatException("The code has a typing error: its last character does not fit the others.");
    }

    /// <summary>The code in groups, for the one who hands it over. Nobody else is to see it.</summary>
    /// <returns>For example <c>K7Q2MX-0123A-…</c>.</returns>
    public string Reveal()
    {
        var groups = _digits[IdDigits..].Chunk(GroupDigits).Select(group => new string(group));
        return $"{Id}-{string.Join('-', groups)}";
    }

    /// <summary>
    /// The key of the proofs on both sides: HMAC-SHA256 under the 24 secret characters of <c>footage-enrolment-1 ID</c>. A server keeps this
    /// and not the code.
    /// </summary>
    /// <returns>32 bytes.</returns>
    public byte[] ProofKey() => HMACSHA256.HashData(
        Encoding.ASCII.GetBytes(_digits[IdDigits..^1]), Encoding.ASCII.GetBytes(Purpose + Id));

    /// <summary>Names the code without its secret.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;

    static char Meant(char typed) => typed switch { 'O' => '0', 'I' or 'L' => '1', _ => typed };

    // A Reed-Solomon check digit over GF(32): each of the 31 places weighs another power of a generator, and so every single wrong
    // character and every two that changed places are noticed.
    static int CheckOf(string digits)
    {
        var sum = 0;
        foreach (var digit in digits)
            sum = Times2(sum) ^ Alphabet.IndexOf(digit, StringComparison.Ordinal);
        return Times2(sum);
    }

    // In GF(2)[x] modulo x^5 + x^2 + 1.
    static int Times2(int value) => (value << 1) ^ ((value & 0b10000) == 0 ? 0 : 0b100101);
}
