namespace SmilesBert.Tokenization;

/// <summary>A token that is found in the text before anything else is done to it; the fields are those of tokenizer.json's added_tokens.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether it is a mark such as [CLS], not text.</param>
/// <param name="Normalized">Whether it is looked for in the normalized text in place of the given one.</param>
/// <param name="SingleWord">Whether it must not touch a letter or digit.</param>
/// <param name="TakesSpaceBefore">Whether white space before it belongs to it (lstrip).</param>
/// <param name="TakesSpaceAfter">Whether white space after it belongs to it (rstrip).</param>
internal readonly record struct AddedToken(
    int Id, string Content, bool Special, bool Normalized, bool SingleWord, bool TakesSpaceBefore, bool TakesSpaceAfter);
